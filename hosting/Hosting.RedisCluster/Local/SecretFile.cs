namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>A file that only the user may read.</summary>
internal sealed record SecretFile(string Path, string Text)
{
    /// <summary>Writes the file anew, with no moment at which others could read it.</summary>
    public void Write()
    {
        File.Delete(Path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(Path, options);
        writer.Write(Text);
    }

    /// <summary>Without the text, which is secret.</summary>
    public override string ToString() => Path;
}
