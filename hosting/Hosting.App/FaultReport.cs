using System.Reflection;
using Aspire.Hosting;

namespace MonoRepo.Hosting.App;

/// <summary>Prints a fault that the user can mend: its message, not where in our code it was found.</summary>
internal static class FaultReport
{
    // ENOSPC: "No space left on device : '/path'"
    private const int NoSpace = 28;

    private static int _installed;

    /// <summary>Does so for faults that leave the AppHost's Program.cs; a test that uses the builder keeps its own exceptions.</summary>
    internal static void PrintInsteadOfStackTrace(Assembly? appHost)
    {
        if (appHost is null || appHost != Assembly.GetEntryAssembly() || Interlocked.Exchange(ref _installed, 1) == 1)
        {
            return;
        }

        AppDomain.CurrentDomain.UnhandledException += (_, args) =>
        {
            if (Find(args.ExceptionObject as Exception) is { } fault)
            {
                Environment.Exit(Print(fault, Console.Error));
            }
        };
    }

    /// <summary>The fault in an exception that the user can mend; null when there is none.</summary>
    internal static Exception? Find(Exception? exception) => exception switch
    {
        DistributedApplicationException or InvalidResourceNameException => exception,
        IOException { HResult: NoSpace } => exception,
        AggregateException aggregate => aggregate.Flatten().InnerExceptions.Select(Find).FirstOrDefault(e => e is not null),
        TargetInvocationException or TypeInitializationException => Find(exception.InnerException),
        _ => null,
    };

    /// <summary>Prints the message and says what the exit code is.</summary>
    internal static int Print(Exception fault, TextWriter writer)
    {
        writer.WriteLine(fault.Message);
        return fault is BadUsageException ? ExitCodes.BadUsage : ExitCodes.Failed;
    }
}
