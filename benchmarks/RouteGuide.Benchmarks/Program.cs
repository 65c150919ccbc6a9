using System.CommandLine;
using MonoRepo.RouteGuide.Benchmarks;
using MonoRepo.Tests.Redis;

var engine = new Option<RedisEngine>("--engine") { Description = "Garnet or RedisServer.", DefaultValueFactory = _ => RedisEngine.Garnet };
var rounds = new Option<int>("--rounds") { Description = "How often each side is measured, in turn.", DefaultValueFactory = _ => 3 };
var seconds = new Option<int>("--seconds") { Description = "How long each measurement takes.", DefaultValueFactory = _ => 5 };
var concurrency = new Option<int>("--concurrency") { Description = "Calls under way at once.", DefaultValueFactory = _ => 64 };

var store = new Command("store", "GetFeature through the Redis Cluster against the same server over its own memory.") { engine, rounds, seconds, concurrency };
store.SetAction((parsed, cancellation) => StoreBenchmark.RunAsync(
    parsed.GetValue(engine), parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(concurrency), cancellation));

var list = new Command("list", "ListFeatures by what it returns, over ten thousand to one million features.") { engine };
list.SetAction((parsed, cancellation) => ListBenchmark.RunAsync(parsed.GetValue(engine), cancellation));

return await new RootCommand("Measures the route guide; everything runs on this machine.") { store, list }.Parse(args).InvokeAsync();
