using System.CommandLine;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>How results are written: for people, or as one JSON document on standard output with everything else on standard error.</summary>
internal sealed class OutputOption
{
    private readonly Option<string> _output = new("--output") { Description = "text for people, json for scripts.", HelpName = "text|json", DefaultValueFactory = _ => "text" };

    /// <summary>Adds it to a verb.</summary>
    public OutputOption(Command command)
    {
        _output.Aliases.Add("-o");
        _output.AcceptOnlyFromAmong("text", "json");
        command.Options.Add(_output);
    }

    /// <summary>Whether JSON is wanted.</summary>
    public bool IsJson(CommandContext context) => context.Arguments.GetValue(_output) == "json";

    /// <summary>Where lines for people go.</summary>
    public TextWriter People(CommandContext context) => IsJson(context) ? context.Error : context.Output;
}
