namespace MonoRepo.Hosting;

/// <summary>A file that only the user may read.</summary>
internal static class PrivateFile
{
    /// <summary>The end of the name under which a file is written before it takes its place.</summary>
    public const string Unfinished = ".new";

    /// <summary>Writes the file atomically: readers see the old text or the new text, never a part of it.</summary>
    public static void Write(string path, string text)
    {
        // Of this process, as two may write the same file.
        var unfinished = $"{path}.{Environment.ProcessId}{Unfinished}";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(unfinished, options))
        {
            writer.Write(text);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
