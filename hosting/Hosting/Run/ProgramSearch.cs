namespace MonoRepo.Hosting;

/// <summary>Looks for programs of this machine.</summary>
internal static class ProgramSearch
{
    /// <summary>Whether a folder of a PATH has it, under one of the endings that Windows takes for programs.</summary>
    public static bool IsOn(string path, string program)
    {
        var endings = OperatingSystem.IsWindows()
            ? (Environment.GetEnvironmentVariable("PATHEXT") ?? ".EXE").Split(';')
            : [""];
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => endings.Any(ending => File.Exists(Path.Combine(folder, program + ending))));
    }
}
