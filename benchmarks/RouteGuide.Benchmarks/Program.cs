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

var metrics = Cost("metrics", "GetFeature of a server with metrics, scraped every 15 seconds, against one without.", ("OTEL_METRICS_EXPORTER", "none"));
var shedding = Cost("shedding", "GetFeature of a server with load shedding against one without.", ("Overload__Shedding", "false"));
var context = Cost("context", "GetFeature of a server with the call context against one without.", ("CallContext__Enabled", "false"));
var rpcz = Cost("rpcz", "GetFeature of a server with rpcz against one without.", ("Rpcz__Enabled", "false"));
var calls = Cost(
    "calls", "GetFeature of a server with call context, rpcz and load shedding against one without.",
    ("CallContext__Enabled", "false"), ("Rpcz__Enabled", "false"), ("Overload__Shedding", "false"));

var access = new Command("access", "GetFeature of a server that checks its caller's token against one that doesn't.")
{
    memory, engine, pairs, seconds, concurrency,
};
access.SetAction(async (parsed, cancellation) =>
{
    using var issuer = new AccessIssuer();
    return await CostBenchmark.RunAsync(
        "access", [], parsed.GetValue(memory), parsed.GetValue(engine), parsed.GetValue(pairs), parsed.GetValue(seconds),
        parsed.GetValue(concurrency), cancellation, issuer);
});

var overload = new Command("overload", "Goodput and latency at half to four times what a server can do, with load shedding and without.") { seconds };
overload.SetAction((parsed, cancellation) => OverloadBenchmark.RunAsync(parsed.GetValue(seconds), cancellation));

var minute = new Option<int>("--seconds") { Description = "How long each measurement takes.", DefaultValueFactory = _ => 60 };
var quotas = new Command("quotas", "How exactly four replicas share a quota, and what a check costs.") { engine, minute };
quotas.SetAction((parsed, cancellation) => QuotaBenchmark.RunAsync(parsed.GetValue(engine), parsed.GetValue(minute), cancellation));

var abuse = new Command("abuse", "Calls of a client, and the server's memory, while others try to harm the server.") { seconds };
abuse.SetAction((parsed, cancellation) => AbuseBenchmark.RunAsync(parsed.GetValue(seconds), cancellation));

var name = new Argument<string>("name");
var address = new Argument<Uri>("address") { CustomParser = result => new(result.Tokens.Single().Value) };
var attack = new Command("attack") { name, address };
attack.Hidden = true;
attack.SetAction((parsed, _) => AbuseBenchmark.AttackAsync(parsed.GetValue(name)!, parsed.GetValue(address)!));

return await new RootCommand("Measures the route guide; everything runs on this machine.")
    { store, list, metrics, shedding, context, rpcz, calls, access, overload, quotas, abuse, attack }.Parse(args).InvokeAsync();

Command Cost(string name, string description, params (string, string)[] without)
{
    var command = new Command(name, description) { memory, engine, pairs, seconds, concurrency };
    command.SetAction((parsed, cancellation) => CostBenchmark.RunAsync(
        name, without, parsed.GetValue(memory), parsed.GetValue(engine), parsed.GetValue(pairs), parsed.GetValue(seconds),
        parsed.GetValue(concurrency), cancellation));
    return command;
}
