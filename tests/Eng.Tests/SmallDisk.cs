using System.Diagnostics;

namespace MonoRepo.Tests;

/// <summary>A tmpfs of a few megabytes, to run out of space for real. Mounting takes root.</summary>
internal sealed class SmallDisk(string directory) : IDisposable
{
    /// <summary>Mounts it, or skips the test where that is not allowed.</summary>
    public static SmallDisk Mount(string directory, string size)
    {
        Directory.CreateDirectory(directory);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", directory), "Mounting a small tmpfs takes root.");
        return new(directory);
    }

    public void Dispose() => Run("umount", "--lazy", directory);

    private static bool Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
