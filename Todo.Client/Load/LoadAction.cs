using System.CommandLine;
using System.CommandLine.Parsing;
using MonoRepo.LoadTesting;

namespace MonoRepo.Todo.Client.Load;

/// <summary><c>todo --load</c>: load on the server, as a report of throughput and latencies.</summary>
internal sealed class LoadAction
{
    private readonly Option<bool> _load =
        new("--load") { Description = "Put load on the server and report throughput and latencies." };

    private readonly Option<int> _concurrency =
        new("--concurrency") { Description = "Load: calls under way at once.", DefaultValueFactory = _ => 32 };

    private readonly Option<int> _duration = new("--duration")
    {
        Description = "Load: seconds to measure, after one second of warm-up.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string> _mix = new("--mix")
    {
        Description = "Load: methods by weight, of get, list, create, update.",
        DefaultValueFactory = _ => "get=70,list=20,create=5,update=5",
    };

    /// <summary>Adds the options to the root command, which without them only shows its commands.</summary>
    public static void AddTo(RootCommand root)
    {
        var action = new LoadAction();
        root.Options.Add(action._load);
        root.Options.Add(action._concurrency);
        root.Options.Add(action._duration);
        root.Options.Add(action._mix);
        root.Validators.Add(result =>
        {
            if (!result.GetValue(action._load))
            {
                result.AddError("Give a command, or --load.");
            }
        });
        action._concurrency.Validators.Add(Positive);
        action._duration.Validators.Add(Positive);
        action._mix.Validators.Add(result =>
        {
            if (LoadMix<LoadMethod>.Parse(result.GetValueOrDefault<string>() ?? "", out _) is { } fault)
            {
                result.AddError(fault);
            }
        });
        root.SetAction(action.RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var session = new Session(arguments, cancellationToken);
        LoadMix<LoadMethod>.Parse(arguments.GetValue(_mix)!, out var mix);
        var options = new LoadOptions<LoadMethod>(
            arguments.GetValue(_concurrency), TimeSpan.FromSeconds(arguments.GetValue(_duration)), mix!);
        var calls = await LoadCalls.CreateAsync(session.Client, arguments.GetValue(GlobalOptions.Owner)!, cancellationToken);
        var report = await new LoadRun<LoadMethod>(
            calls.MakeAsync, options, LoadProgress.OnTerminal()).RunAsync(cancellationToken);
        LoadOutput.Write(report, arguments.GetValue(GlobalOptions.Json));
        return report.Methods.Any(method => method.Calls > 0) ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Positive(OptionResult result)
    {
        if (int.TryParse(result.Tokens.SingleOrDefault()?.Value ?? "1", out var value) && value <= 0)
        {
            result.AddError($"{result.IdentifierToken?.Value} is {value}; it must be at least 1.");
        }
    }
}
