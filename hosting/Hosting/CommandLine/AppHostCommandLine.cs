using System.CommandLine;
using System.CommandLine.Help;
using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Hosting;

/// <summary>Parses the command line, executes the command, and turns errors into a line and an exit code.</summary>
internal sealed class AppHostCommandLine(DistributedApplication application, TextWriter output, TextWriter error)
{
    internal const string Run = "run";
    private static readonly string[] s_local = [Run, "doctor"];

    /// <summary>Whether the words are Aspire's own, such as <c>--operation publish --step publish</c>, which name no command.</summary>
    internal static bool IsForAspire(IReadOnlyList<string> args) =>
        args.Any(a => a.Split('=')[0] is "--operation" or "--publisher" or "--step");

    /// <summary>The arguments for the builder: <c>publish --check</c> is Aspire's <c>--operation publish</c>.</summary>
    internal static string[] ForBuilder(IReadOnlyList<string> args)
    {
        var result = new List<string>();
        if (args.Count > 0 && !args[0].StartsWith('-') && !s_local.Contains(args[0]))
        {
            result.Add("--operation=publish");
        }

        for (var i = 0; i < args.Count; i++)
        {
            // Aspire's reader takes whatever follows an option for its value; a flag has none.
            var isFlag = args[i].StartsWith('-') && !args[i].Contains('=') && (i + 1 == args.Count || args[i + 1].StartsWith('-'));
            result.Add(isFlag ? args[i] + "=true" : args[i]);
        }

        return [.. result];
    }

    internal async Task<int> InvokeAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        try
        {
            var parsed = CreateRoot().Parse(args is [] || (args[0].StartsWith('-') && !IsHelp(args[0])) ? [Run, .. args] : args);
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
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
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (ErrorReport.Find(exception) is { } found)
        {
            return ErrorReport.Print(found, error);
        }
    }

    private static bool IsHelp(string word) => word is "--help" or "-h" or "-?" or "--version";

    private RootCommand CreateRoot()
    {
        var root = new RootCommand("Runs the graph of this AppHost, or publishes and deploys it. Without a command it is run.")
        {
            // What has a colon is configuration: --Logging:LogLevel:Default=Debug.
            TreatUnmatchedTokensAsErrors = true,
        };
        var run = new RunCommand();
        foreach (var added in application.Services.GetServices<CommandLineSwitch>().DistinctBy(s => s.Name))
        {
            run.Command.Options.Add(SwitchOption.Create(added));
        }

        foreach (var command in (IEnumerable<IAppHostCommand>)[run, .. application.Services.GetServices<IAppHostCommand>()])
        {
            SetAction(command.Command, command);
            root.Subcommands.Add(command.Command);
        }

        return root;
    }

    private void SetAction(Command command, IAppHostCommand executed)
    {
        command.SetAction((parsed, cancellationToken) => executed.ExecuteAsync(
            new CommandContext(application, parsed) { Output = output, Error = error }, cancellationToken));
        foreach (var subcommand in command.Subcommands)
        {
            SetAction(subcommand, executed);
        }
    }

    private int Refuse(ParseResult parsed)
    {
        foreach (var mistake in parsed.Errors)
        {
            error.WriteLine(mistake.Message);
        }

        error.WriteLine("Use --help to see what there is.");
        return ExitCodes.BadUsage;
    }
}
