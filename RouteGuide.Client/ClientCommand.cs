using System.CommandLine;
using MonoRepo.LoadTesting;
using MonoRepo.RouteGuide.Client.Load;

namespace MonoRepo.RouteGuide.Client;

/// <summary>The command line: it parses and calls. Exit codes: 0 done, 1 failed, 2 bad usage.</summary>
internal sealed class ClientCommand
{
    private readonly Option<string[]> _address = new("--address")
    {
        Description =
            "The server's address, http://host:port; can be given more than once. Default: what the environment names, else " +
            "http://localhost:50051.",
    };

    private readonly Option<bool> _once = new("--once") { Description = "Walk through the four methods once and end." };

    private readonly Option<bool> _load =
        new("--load") { Description = "Put load on the server and report throughput and latencies." };

    private readonly Option<int> _concurrency = new("--concurrency")
    {
        Description = "Load: calls under way at once.",
        DefaultValueFactory = _ => 32,
    };

    private readonly Option<int> _duration = new("--duration")
    {
        Description = "Load: seconds to measure, after one second of warm-up.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string> _mix = new("--mix")
    {
        Description = "Load: methods by weight, such as get=80,list=10,record=5,chat=5.",
        DefaultValueFactory = _ => "get=1",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Load: print the report as JSON instead of a table." };

    private ClientCommand()
    {
        _address.Validators.Add(result =>
        {
            foreach (var address in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                {
                    result.AddError($"'{address}' is no address; expected http://host:port.");
                }
            }
        });
        _concurrency.Validators.Add(Positive);
        _duration.Validators.Add(Positive);
        _mix.Validators.Add(result =>
        {
            if (LoadMix<LoadMethod>.Parse(result.GetValueOrDefault<string>() ?? "", out _) is { } fault)
            {
                result.AddError(fault);
            }
        });

        static void Positive(System.CommandLine.Parsing.OptionResult result)
        {
            if (int.TryParse(result.Tokens.SingleOrDefault()?.Value ?? "1", out var value) && value <= 0)
            {
                result.AddError($"{result.IdentifierToken?.Value} is {value}; it must be at least 1.");
            }
        }
    }

    public static ClientCommand Create() => new();

    public async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "A client of the route guide: without options it walks through all four methods again and again.")
        {
            _address, _once, _load, _concurrency, _duration, _mix, _json,
        };
        root.SetAction(ActAsync);
        root.Validators.Add(result =>
        {
            if (result.GetValue(_once) && result.GetValue(_load))
            {
                result.AddError("--once and --load exclude each other.");
            }
        });

        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            // As long as Kubernetes grants; the default of 2 s would cut the graceful shutdown, and lose the last spans.
            return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }

        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }

        await Console.Error.WriteLineAsync("--help lists the options.");
        return 2;
    }

    private async Task<int> ActAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var addresses = parsed.GetValue(_address) ?? [];
        if (!parsed.GetValue(_load))
        {
            return parsed.GetValue(_once)
                ? await ClientHost.WalkOnceAsync(addresses, cancellationToken)
                : await ClientHost.WalkForeverAsync(addresses, cancellationToken);
        }

        LoadMix<LoadMethod>.Parse(parsed.GetValue(_mix)!, out var mix);
        var options = new LoadOptions<LoadMethod>(
            parsed.GetValue(_concurrency), TimeSpan.FromSeconds(parsed.GetValue(_duration)), mix!);
        return await ClientHost.LoadAsync(addresses, options, parsed.GetValue(_json), cancellationToken);
    }
}
