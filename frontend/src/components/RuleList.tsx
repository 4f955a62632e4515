import type { Rule } from '../lib/rules';
import { Icon } from './Icon';

/** A list of rules, with those that the typed value meets marked. */
export function RuleList({ rules }: { rules: Rule[] }) {
  return (
    <ul className="rules">
      {rules.map(({ text, met }) => (
        <li key={text} className={met ? 'rule rule-met' : 'rule'}>
          <Icon name={met ? 'check' : 'ring'} />
          <span>
            {text}
            {met && <span className="unseen">, met</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
