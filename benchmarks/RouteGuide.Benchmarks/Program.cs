using System.CommandLine;
using MonoRepo.RouteGuide.Benchmarks;
using MonoRepo.Tests.Redis;
using Spectre.Console;

AnsiConsole.Profile.Width = 200;

var engine =
    new Option<RedisEngine>("--engine") { Description = "Garnet or RedisServer.", DefaultValueFactory = _ => RedisEngine.Garnet };
var rounds =
    new Option<int>("--rounds") { Description = "How often each side is measured, in turn.", DefaultValueFactory = _ => 3 };
var pairs =
    new Option<int>("--rounds") { Description = "How often each server is measured, in turn.", DefaultValueFactory = _ => 7 };
var seconds = new Option<int>("--seconds") { Description = "How long each measurement takes.", DefaultValueFactory = _ => 5 };
var concurrency = new Option<int>("--concurrency") { Description = "Calls under way at once.", DefaultValueFactory = _ => 64 };

var memory = new Option<bool>("--memory")
{
    Description = "Out of the server's memory, where a call does least, instead of through the Redis Cluster.",
};

var store = new Command("store", "GetFeature through the Redis Cluster against the same server over its own memory.")
{
    engine,
    rounds,
    seconds,
    concurrency,
};
store.SetAction((parsed, cancellation) => StoreBenchmark.RunAsync(
    parsed.GetValue(engine), parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(concurrency), cancellation));

var list = new Command("list", "ListFeatures by what it returns, over ten thousand to one million features.") { engine };
list.SetAction((parsed, cancellation) => ListBenchmark.RunAsync(parsed.GetValue(engine), cancellation));

var parts = new Argument<string[]>("part")
{
    Description = $"What to measure: {string.Join(", ", CostBenchmark.Parts)}.",
    Arity = ArgumentArity.ZeroOrMore,
    DefaultValueFactory = _ => [.. CostBenchmark.Parts],
};
parts.AcceptOnlyFromAmong([.. CostBenchmark.Parts]);
var servers = new Option<int>("--servers") { Description = "Servers of each kind.", DefaultValueFactory = _ => 2 };
var cost = new Command("cost", "GetFeature of servers with one part of ServiceDefaults, and with all, against metrics only.")
{
    parts, memory, engine, servers, pairs, seconds, concurrency,
};
cost.SetAction((parsed, cancellation) => CostBenchmark.RunAsync(
    parsed.GetValue(parts)!, parsed.GetValue(memory), parsed.GetValue(engine), parsed.GetValue(servers), parsed.GetValue(pairs),
    parsed.GetValue(seconds), parsed.GetValue(concurrency), cancellation));

var overload =
    new Command("overload", "Goodput and latency at half to four times what a server can do, with load shedding and without.")
    {
        seconds,
    };
overload.SetAction((parsed, cancellation) => OverloadBenchmark.RunAsync(parsed.GetValue(seconds), cancellation));

var minute = new Option<int>("--seconds") { Description = "How long each measurement takes.", DefaultValueFactory = _ => 60 };
var quotas = new Command("quotas", "How exactly four replicas share a quota, and what a check costs.") { engine, minute };
quotas.SetAction(
    (parsed, cancellation) => QuotaBenchmark.RunAsync(parsed.GetValue(engine), parsed.GetValue(minute), cancellation));

var attacks = new Argument<string[]>("attack")
{
    Description = "Which of the table's attacks.",
    Arity = ArgumentArity.ZeroOrMore,
    DefaultValueFactory = _ => [.. AbuseBenchmark.Attacks],
};
attacks.AcceptOnlyFromAmong([.. AbuseBenchmark.Attacks]);
var abuse =
    new Command("abuse", "Calls of a client, and the server's memory, while others try to harm the server.") { attacks, seconds };
abuse.SetAction((parsed, cancellation) =>
    AbuseBenchmark.RunAsync(parsed.GetValue(attacks)!, parsed.GetValue(seconds), cancellation));

var name = new Argument<string>("name");
var address = new Argument<Uri>("address") { CustomParser = result => new(result.Tokens.Single().Value) };
var attack = new Command("attack") { name, address };
attack.Hidden = true;
attack.SetAction((parsed, _) => AbuseBenchmark.AttackAsync(parsed.GetValue(name)!, parsed.GetValue(address)!));

return await new RootCommand("Measures the route guide; everything runs on this machine.")
    { store, list, cost, overload, quotas, abuse, attack }.Parse(args).InvokeAsync();
