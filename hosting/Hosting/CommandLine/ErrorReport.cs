using System.Reflection;
using Aspire.Hosting;

namespace MonoRepo.Hosting;

/// <summary>Prints an error that the user can fix: its message, without a stack trace.</summary>
internal static class ErrorReport
{
    // ENOSPC: "No space left on device : '/path'"
    private const int NoSpace = 28;

    private static int s_isInstalled;

    /// <summary>Does so for errors that leave the AppHost's Program.cs; a test that calls the builder keeps its own exceptions.</summary>
    internal static void PrintInsteadOfStackTrace(Assembly? appHost)
    {
        if (appHost is null || appHost != Assembly.GetEntryAssembly() || Interlocked.Exchange(ref s_isInstalled, 1) == 1)
        {
            return;
        }

        AppDomain.CurrentDomain.UnhandledException += (_, args) =>
        {
            if (Find(args.ExceptionObject as Exception) is { } error)
            {
                Environment.Exit(Print(error, Console.Error));
            }
        };
    }

    /// <summary>The error in an exception that the user can fix; null when there is none.</summary>
    internal static Exception? Find(Exception? exception) => exception switch
    {
        DistributedApplicationException => exception,
        IOException { HResult: NoSpace } => exception,
        AggregateException aggregate => aggregate.Flatten().InnerExceptions.Select(Find).FirstOrDefault(e => e is not null),
        TargetInvocationException or TypeInitializationException => Find(exception.InnerException),
        _ => null,
    };

    /// <summary>Prints the message and returns the exit code.</summary>
    internal static int Print(Exception error, TextWriter writer)
    {
        writer.WriteLine(error.Message);
        return error is BadUsageException ? ExitCodes.BadUsage : ExitCodes.Failed;
    }
}
