namespace MonoRepo.Hosting;

/// <summary>
/// One run of Aspire's pipeline, such as <c>aspire deploy -e prod -- --force-conflicts</c>: what its steps are told, and how it
/// ends.
/// </summary>
internal sealed class PipelineInvocation
{
    // With their values: --step deploy, --yes true. See Aspire.Hosting's command line mappings.
    private static readonly string[] s_aspire =
    [
        "--operation", "--publisher", "--step", "--list-steps", "--output-path", "--log-level", "--include-exception-details",
        "--clear-cache", "--yes",
    ];

    /// <summary>The AppHost's command line.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = Environment.GetCommandLineArgs()[1..];

    /// <summary>Exit code of a step that failed or found differences.</summary>
    public int? ExitCode { get; set; }

    /// <summary>Whether the aspire command started this process and shows what the steps report.</summary>
    public static bool IsByAspireCommand => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("ASPIRE_BACKCHANNEL_PATH"));

    /// <summary>The words that are meant for a command: without the pipeline's own, and without configuration.</summary>
    public IReadOnlyList<string> Words
    {
        get
        {
            var words = new List<string>();
            var arguments = AppHostCommandLine.WithoutConfiguration(Arguments);
            for (var i = 0; i < arguments.Length; i++)
            {
                if (!s_aspire.Contains(arguments[i].Split('=')[0]))
                {
                    words.Add(arguments[i]);
                }
                else if (!arguments[i].Contains('=') && i + 1 < arguments.Length && !arguments[i + 1].StartsWith('-'))
                {
                    i++;
                }
            }

            return words;
        }
    }
}
