namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>What a tool is run with.</summary>
/// <param name="Command">The program itself or the container runtime; null: neither is there, or the runtime is not
/// running.</param>
internal sealed record ToolChoice(string? Command, bool IsContainer)
{
    private static readonly string[] s_runtimes = ["docker", "podman"];

    public static ToolChoice Of(LocalTool tool, LocalPrograms programs, string path, Func<string, bool> isUp)
    {
        if (programs is LocalPrograms.Auto or LocalPrograms.Native
            && tool.Programs.FirstOrDefault(p => IsOn(path, p)) is { } native)
        {
            return new(native, false);
        }

        return programs is LocalPrograms.Auto or LocalPrograms.Container
            && s_runtimes.FirstOrDefault(r => IsOn(path, r) && isUp(r)) is { } runtime
            ? new(runtime, true)
            : new(null, false);
    }

    private static bool IsOn(string path, string program) =>
        path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
