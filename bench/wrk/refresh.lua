-- Follow one chain of refresh tokens per thread: each request uses the token of the previous response.
-- wrk gives every thread its own Lua state and bench/load.py gives it one connection, so request() and
-- response() alternate and no token is used twice.
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
