using System.Text.RegularExpressions;

namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>
/// DCP evaluates Go templates in arguments and environment values. We write a few of them; all other braces belong to the
/// user and must arrive as they are.
/// </summary>
internal static partial class DcpTemplate
{
    /// <summary>The port that this process listens on for a service.</summary>
    public static string PortForServing(string service) => $$$"""{{- portForServing "{{{service}}}" -}}""";

    /// <summary>
    /// The same text for DCP: our own templates stay (without the dashes that would eat blanks beside them), every other
    /// <c>{{</c> becomes a template that prints it.
    /// </summary>
    public static string Protect(string value)
    {
        if (!value.Contains("{{", StringComparison.Ordinal))
        {
            return value;
        }

        return Braces().Replace(value, match => match.Groups["own"] is { Success: true } own
            ? $$$"""{{ {{{own.Value}}} }}"""
            : """{{"{{"}}""");
    }

    [GeneratedRegex("""\{\{-?\s*(?<own>(portForServing|addressForServing|portFor|addressFor)\s+"[^"]+"|index\s+\.Annotations\s+"[^"]+")\s*-?\}\}|\{\{""", RegexOptions.ExplicitCapture)]
    private static partial Regex Braces();
}
