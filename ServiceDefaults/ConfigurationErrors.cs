using System.Diagnostics.CodeAnalysis;

namespace MonoRepo.ServiceDefaults;

/// <summary>A setting is missing or wrong; the message says which, and what would be right.</summary>
/// <param name="message">One line.</param>
public sealed class ConfigurationException(string message) : Exception(message);

/// <summary>
/// Ends a process that cannot start because of its configuration with one line and exit code 1, instead of a stack trace.
/// </summary>
internal static class ConfigurationErrors
{
    private static int s_registered;

    public static void ExitWithOneLine()
    {
        if (Interlocked.Exchange(ref s_registered, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += (_, arguments) =>
            {
                if (TryDescribe(arguments.ExceptionObject as Exception, out var line))
                {
                    Console.Error.WriteLine(line);
                    Environment.Exit(1);
                }
            };
        }
    }

    // The binder names a value of the wrong type, Kestrel an address that is wrong or taken.
    private static bool TryDescribe(Exception? exception, [NotNullWhen(true)] out string? line)
    {
        line = exception is ConfigurationException
            || exception?.Source is "Microsoft.Extensions.Configuration.Binder" or "Microsoft.AspNetCore.Server.Kestrel.Core"
                ? $"error: {exception.Message.ReplaceLineEndings(" ")}"
                : null;
        return line is not null;
    }
}
