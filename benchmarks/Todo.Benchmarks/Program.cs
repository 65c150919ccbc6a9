using System.CommandLine;
using MonoRepo.Tests.Redis;
using MonoRepo.Todo.Benchmarks;

var engine = new Option<RedisEngine>("--engine")
{
    Description = "Garnet or RedisServer.",
    DefaultValueFactory = _ => RedisEngine.RedisServer,
};
var lists =
    new Option<int>("--lists") { Description = "How many lists, of a hundred items each.", DefaultValueFactory = _ => 10_000 };
var concurrency = new Option<int>("--concurrency") { Description = "Calls under way at once.", DefaultValueFactory = _ => 4 };
var seconds = new Option<int>("--seconds") { Description = "How long is measured.", DefaultValueFactory = _ => 10 };

var root = new RootCommand("Pages of ListItems out of a million items in ten thousand lists.")
{
    engine,
    lists,
    concurrency,
    seconds,
};
root.SetAction((parsed, cancellation) => PageBenchmark.RunAsync(
    parsed.GetValue(engine), parsed.GetValue(lists), parsed.GetValue(concurrency), parsed.GetValue(seconds), cancellation));
return await root.Parse(args).InvokeAsync();
