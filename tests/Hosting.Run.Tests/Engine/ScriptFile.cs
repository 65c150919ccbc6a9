namespace MonoRepo.Tests.Engine;

/// <summary>An executable script in the temporary folder.</summary>
internal sealed class ScriptFile : IDisposable
{
    public ScriptFile(string text)
    {
        File.WriteAllText(Path, text);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"monorepo-run-{Guid.NewGuid():n}");

    public void Dispose() => File.Delete(Path);
}
