using System.CommandLine;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Parses the command line, calls the verb, and turns faults into a line and an exit code.</summary>
internal sealed class CommandLineFrame(
    DistributedApplication application, AppHostArguments arguments, Func<CancellationToken, Task> runHost, TextWriter output, TextWriter error)
{
    internal async Task<int> InvokeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var parsed = CreateRoot().Parse(AsksForHelpOnly ? ["--help"] : [VerbOf(arguments), .. arguments.Rest]);
            if (parsed.Action is null || parsed.Errors.Count > 0)
            {
                // Help stays help, whatever else is wrong.
                return parsed.Action is System.CommandLine.Help.HelpAction
                    ? await parsed.InvokeAsync(new InvocationConfiguration(), cancellationToken).ConfigureAwait(false)
                    : Refuse(parsed);
            }

            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (FaultReport.Find(exception) is { } fault)
        {
            return FaultReport.Print(fault, error);
        }
    }

    // Without a verb the help is that of all verbs.
    private bool AsksForHelpOnly => arguments is { Verb: null, Rest: ["--help" or "-h" or "-?" or "help"] };

    private string VerbOf(AppHostArguments line)
    {
        if (line.Verb is { } named)
        {
            return named;
        }

        var context = application.Services.GetRequiredService<DistributedApplicationExecutionContext>();
        return VerbList.DefaultFor(context.Operation, application.Services.GetRequiredService<IConfiguration>());
    }

    private RootCommand CreateRoot()
    {
        var root = new RootCommand("Runs the graph of this AppHost, or publishes it. Without a verb it is run.");
        root.Options.Add(new Option<string>("--environment")
        {
            Description = "Environment of the AppHost, such as Development.",
            HelpName = "name",
            Recursive = true,
        });
        foreach (var added in application.Services.GetRequiredService<CommandLineSwitches>().All)
        {
            root.Options.Add(SwitchOption.Create(added));
        }

        foreach (var verb in VerbList.Create())
        {
            SetAction(verb.Command, verb);
            root.Subcommands.Add(verb.Command);
        }

        return root;
    }

    private void SetAction(Command command, IVerb verb)
    {
        command.SetAction((parsed, cancellationToken) => verb.ExecuteAsync(new VerbContext(application, parsed, runHost) { Output = output, Error = error }, cancellationToken));
        foreach (var subcommand in command.Subcommands)
        {
            SetAction(subcommand, verb);
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
