namespace MonoRepo.Hosting.App;

/// <summary>The AppHost's command line, taken apart: [verb] [options] [configuration].</summary>
/// <param name="Verb">The verb that is named; null when none is.</param>
/// <param name="Rest">What belongs to the verb.</param>
/// <param name="Configuration">Configuration keys and values.</param>
/// <param name="All">Everything.</param>
public sealed record AppHostArguments(string? Verb, IReadOnlyList<string> Rest, IReadOnlyDictionary<string, string?> Configuration, IReadOnlyList<string> All)
{
    // Switches that every verb leaves to the AppHost.
    private static readonly Dictionary<string, string> Everywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--environment"] = "environment",
        ["--dcp-cli-path"] = "DcpPublisher:CliPath",
        ["--dcp-container-runtime"] = "DcpPublisher:ContainerRuntime",
        ["--dcp-dependency-check-timeout"] = "DcpPublisher:DependencyCheckTimeout",
        ["--dcp-dashboard-path"] = "DcpPublisher:DashboardPath",
    };

    // Aspire's own way to say what is to be done, without a verb.
    private static readonly Dictionary<string, string> WithoutVerb = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--step"] = "Pipeline:Step",
        ["--output-path"] = "Pipeline:OutputPath",
        ["--log-level"] = "Pipeline:LogLevel",
        ["--include-exception-details"] = "Pipeline:IncludeExceptionDetails",
        ["--clear-cache"] = "Pipeline:ClearCache",
        ["--yes"] = "Pipeline:SkipConfirmation",
    };

    /// <summary>Takes a command line apart.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="verbs">Names of the verbs.</param>
    public static AppHostArguments Read(IReadOnlyList<string> args, IReadOnlyCollection<string> verbs)
    {
        // A word that is not a verb stays with the rest, so that it is refused like any other that nobody knows.
        var verb = args.Count > 0 && verbs.Contains(args[0]) ? args[0] : null;
        var configuration = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var rest = new List<string>();
        for (var i = verb is null ? 0 : 1; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            if (KeyOf(name, verb) is not { } key)
            {
                rest.Add(args[i]);
                continue;
            }

            if (value is null && i + 1 < args.Count && !args[i + 1].StartsWith('-'))
            {
                value = args[++i];
            }

            configuration[key] = value ?? "true";
        }

        return new AppHostArguments(verb, rest, configuration, args);
    }

    private static string? KeyOf(string name, string? verb)
    {
        if (Everywhere.TryGetValue(name, out var key) || (verb is null && WithoutVerb.TryGetValue(name, out key)))
        {
            return key;
        }

        // --Logging:LogLevel:Default Debug
        return name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':') ? name[2..] : null;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=');
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }
}
