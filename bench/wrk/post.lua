-- Post a body in which {n} is a number that counts up and starts over after the last one.
dofile(os.getenv("BENCH_WRK") .. "/report.lua")

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

local template = os.getenv("BENCH_BODY")
local first = tonumber(os.getenv("BENCH_FIRST"))
local count = tonumber(os.getenv("BENCH_COUNT"))
local sent = 0

function request()
  local number = string.format("%d", first + sent % count)
  sent = sent + 1
  return wrk.format(nil, nil, nil, (template:gsub("{n}", number)))
end
