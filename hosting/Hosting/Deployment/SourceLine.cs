namespace MonoRepo.Hosting;

/// <summary>Where in the AppHost a setting was written, so that a refusal can name the line.</summary>
public readonly record struct SourceLine(string? File, int Line)
{
    /// <summary><c>Program.cs:12</c>; the folder is left out, as it differs from machine to machine.</summary>
    public override string ToString() => File is null ? "" : $"{Path.GetFileName(File.Replace('\\', '/'))}:{Line}";
}
