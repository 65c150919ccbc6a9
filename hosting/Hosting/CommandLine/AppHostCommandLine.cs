using System.CommandLine;
using System.CommandLine.Parsing;
using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Hosting;

/// <summary>Parses the command line, executes the command, and turns errors into a line and an exit code.</summary>
internal sealed class AppHostCommandLine(DistributedApplication application, TextWriter output, TextWriter error)
{
    internal const string Run = "run";
    private static readonly string[] s_local = [Run, "doctor", "token"];

    /// <summary>
    /// Whether the words are Aspire's own, such as <c>--operation publish --step publish</c>, which name no command.
    /// </summary>
    internal static bool IsForAspire(IReadOnlyList<string> args) =>
        args.Any(a => a.Split('=')[0] is "--operation" or "--publisher" or "--step" or "--list-steps");

    /// <summary>The arguments for the builder: <c>publish --check</c> is Aspire's <c>--operation publish</c>.</summary>
    internal static string[] ForBuilder(IReadOnlyList<string> args)
    {
        var result = new List<string>();
        if (args.Count > 0 && !args[0].StartsWith('-') && !s_local.Contains(args[0]))
        {
            result.Add("--operation=publish");
        }

        for (var i = 0; i < args.Count && args[i] != "--"; i++)
        {
            // Aspire's reader throws for a short option such as -o=json, and takes whatever follows a flag for its value.
            var isLong = args[i].StartsWith("--", StringComparison.Ordinal);
            var isFlag = isLong && !args[i].Contains('=') && (i + 1 == args.Count || args[i + 1].StartsWith('-'));
            if (isLong || !args[i].StartsWith('-'))
            {
                result.Add(isFlag ? args[i] + "=true" : args[i]);
            }
        }

        return [.. result];
    }

    /// <summary>
    /// The arguments without those that are configuration of the builder: --Logging:LogLevel:Default=Debug, --dcp-….
    /// </summary>
    internal static string[] WithoutConfiguration(IReadOnlyList<string> args)
    {
        var result = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            // What follows is a command for a container.
            if (args[i] == "--")
            {
                return [.. result, .. args.Skip(i)];
            }

            var name = args[i].Split('=')[0];
            if (!name.StartsWith("--", StringComparison.Ordinal)
                || !(name.Contains(':') || name.StartsWith("--dcp-", StringComparison.Ordinal)))
            {
                result.Add(args[i]);
            }
            else if (name == args[i] && i + 1 < args.Count && !args[i + 1].StartsWith('-'))
            {
                i++;
            }
        }

        return [.. result];
    }

    internal async Task<int> InvokeAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        try
        {
            var words = WithoutConfiguration(args);
            var isRun = words is [] || (words[0].StartsWith('-') && words[0] is not ("--help" or "-h" or "-?" or "--version"));
            var parsed = CreateRoot().Parse(isRun ? [Run, .. words] : words, new() { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0 && parsed.Action is not CommandHelp)
            {
                return Refuse(parsed);
            }

            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output,
                Error = error,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception exception) when (ErrorReport.Find(exception) is { } found)
        {
            return ErrorReport.Print(found, error);
        }
    }

    private RootCommand CreateRoot()
    {
        var root = new RootCommand("Run, publish and deploy the graph of this AppHost; without a command, run it.");
        var run = new RunCommand();
        run.Add(new Option<string>("--environment")
        {
            Description = "Environment of the AppHost, such as Development.",
            HelpName = "name",
        });
        foreach (var added in application.Services.GetServices<CommandLineSwitch>().DistinctBy(s => s.Name))
        {
            run.Add(SwitchOption.Create(added));
        }

        foreach (var command in (AppHostCommand[])[
            run,
            new DoctorCommand(),
            .. application.Services.GetServices<AppHostCommand>(),
            new CompletionCommand(),
        ])
        {
            foreach (var one in (Command[])[command, .. command.Subcommands])
            {
                one.SetAction((parsed, cancellationToken) => command.ExecuteAsync(
                    new(application.Services, parsed) { Application = application, Output = output, Error = error },
                    cancellationToken));
            }

            root.Add(command);
        }

        CommandHelp.Install(root);
        // So that the parser doesn't add that a command is missing to an error about an unknown one.
        root.Action = run.Action;
        return root;
    }

    private int Refuse(ParseResult parsed)
    {
        foreach (var mistake in parsed.Errors)
        {
            error.WriteLine(mistake.Message);
        }

        var known = parsed.CommandResult.Command.Subcommands.Select(c => c.Name)
            .Concat(parsed.CommandResult.Command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)));
        // An option that nobody knows is a value to the parser where values may follow.
        var values = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .Where(v => v.StartsWith('-'));
        var closest = parsed.UnmatchedTokens.Concat(values).FirstOrDefault() is { } unknown
            ? Suggestion.Closest(unknown, known)
            : null;
        error.WriteLine($"{(closest is null ? "" : $"Did you mean '{closest}'? ")}{BadUsageException.Hint}");
        return ExitCodes.BadUsage;
    }
}
