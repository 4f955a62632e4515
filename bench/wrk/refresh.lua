-- Follow one chain of refresh tokens per thread: each request uses the token of the answer before.
-- wrk gives every thread a Lua state of its own, and bench/load.py one connection to every thread,
-- so that request() and response() take turns and no token is used twice.
dofile(os.getenv("BENCH_WRK") .. "/report.lua")

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

local template = os.getenv("BENCH_BODY")
local pattern = '"' .. os.getenv("BENCH_FIELD") .. '"%s*:%s*"([^"]+)"'
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  token = args[number]
end

function request()
  return wrk.format(nil, nil, nil, (template:gsub("{token}", token)))
end

function response(status, headers, body)
  token = body:match(pattern) or token
end
