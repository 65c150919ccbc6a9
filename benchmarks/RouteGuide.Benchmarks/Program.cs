using System.CommandLine;
using MonoRepo.RouteGuide.Benchmarks;
using MonoRepo.Tests.Redis;
using Spectre.Console;

AnsiConsole.Profile.Width = 200;

var engine = new Option<RedisEngine>("--engine") { Description = "Garnet or RedisServer.", DefaultValueFactory = _ => RedisEngine.Garnet };
var rounds = new Option<int>("--rounds") { Description = "How often each side is measured, in turn.", DefaultValueFactory = _ => 3 };
var pairs = new Option<int>("--rounds") { Description = "How often both sides are measured, in turn.", DefaultValueFactory = _ => 7 };
var seconds = new Option<int>("--seconds") { Description = "How long each measurement takes.", DefaultValueFactory = _ => 5 };
var concurrency = new Option<int>("--concurrency") { Description = "Calls under way at once.", DefaultValueFactory = _ => 64 };

var memory = new Option<bool>("--memory") { Description = "Out of the server's memory, where a call does least, instead of through the Redis Cluster." };

var store = new Command("store", "GetFeature through the Redis Cluster against the same server over its own memory.") { engine, rounds, seconds, concurrency };
store.SetAction((parsed, cancellation) => StoreBenchmark.RunAsync(
    parsed.GetValue(engine), parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(concurrency), cancellation));

var list = new Command("list", "ListFeatures by what it returns, over ten thousand to one million features.") { engine };
list.SetAction((parsed, cancellation) => ListBenchmark.RunAsync(parsed.GetValue(engine), cancellation));

var metrics = new Command("metrics", "GetFeature of a server with metrics, scraped every 15 seconds, against one without.") { memory, engine, pairs, seconds, concurrency };
metrics.SetAction((parsed, cancellation) => MetricsBenchmark.RunAsync(
    parsed.GetValue(memory), parsed.GetValue(engine), parsed.GetValue(pairs), parsed.GetValue(seconds), parsed.GetValue(concurrency), cancellation));

return await new RootCommand("Measures the route guide; everything runs on this machine.") { store, list, metrics }.Parse(args).InvokeAsync();
