using System.Text.Json;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>A line of DCP's own log about a process.</summary>
internal static class SystemLine
{
    /// <summary>The reason in a line that tells of a failure, else null.</summary>
    /// <remarks>
    /// <code>2026-11-20T11:39:00.280Z error\tFailed to start a process\t{"Cmd":"/nope","error":"fork/exec /nope: no such file"}</code>
    /// </remarks>
    public static string? TryReadFailure(string line)
    {
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        if (brace < 0)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(line[brace..]);
            return json.RootElement.TryGetProperty("error", out var error) ? error.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
