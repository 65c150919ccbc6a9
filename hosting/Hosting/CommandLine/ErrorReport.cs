using System.Diagnostics;
using System.Reflection;
using Aspire.Hosting;
using Microsoft.Extensions.Options;

namespace MonoRepo.Hosting;

/// <summary>Prints an error that the user can fix: its message, without a stack trace.</summary>
internal static class ErrorReport
{
    private static int s_isInstalled;

    /// <summary>
    /// Does so for errors that leave the AppHost's Program.cs; a test that calls the builder keeps its own exceptions.
    /// </summary>
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
        OptionsValidationException => exception,
        IOException or UnauthorizedAccessException => exception,
        ArgumentException when exception.TargetSite?.Module.Assembly is { } thrower && IsHosting(thrower) => exception,
        AggregateException aggregate => aggregate.Flatten().InnerExceptions.Select(Find).FirstOrDefault(e => e is not null),
        TargetInvocationException or TypeInitializationException => Find(exception.InnerException),
        _ => null,
    };

    /// <summary>Prints the message and returns the exit code.</summary>
    internal static int Print(Exception error, TextWriter writer)
    {
        // An argument of a builder's method was refused: the message ends with the method's parameter, and names no place.
        writer.WriteLine(error is ArgumentException
            ? $"{error.Message.Split(" (Parameter ")[0]}{(FindPlace(error) is { } place ? $" ({place})" : "")}"
            : error.Message);
        if (error is not BadUsageException)
        {
            return ExitCodes.Failed;
        }

        writer.WriteLine(BadUsageException.Hint);
        return ExitCodes.BadUsage;
    }

    private static bool IsHosting(Assembly assembly) =>
        assembly.GetName().Name is { } name && (name.StartsWith("Aspire.Hosting", StringComparison.Ordinal)
        || name.StartsWith("MonoRepo.", StringComparison.Ordinal));

    private static string? FindPlace(Exception error) => new StackTrace(error, fNeedFileInfo: true).GetFrames()
        .Where(f => f.GetFileName() is not null && f.GetMethod()?.Module.Assembly == Assembly.GetEntryAssembly())
        .Select(f => $"{Path.GetFileName(f.GetFileName())}, line {f.GetFileLineNumber()}")
        .FirstOrDefault();
}

/// <summary>The command line is wrong; the exit code is 2.</summary>
/// <param name="message">What is wrong, and what would be right.</param>
internal sealed class BadUsageException(string message) : Aspire.Hosting.DistributedApplicationException(message)
{
    /// <summary>The line that follows every message about a wrong command line.</summary>
    internal const string Hint = "Use --help to see what there is.";
}

/// <summary>Exit codes of the AppHost.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int BadUsage = 2;

    /// <summary>There was too little to judge by.</summary>
    public const int Inconclusive = 3;

    /// <summary>Differences were found.</summary>
    public const int Differences = 16;

    /// <summary>Ended by a signal, as shells have it: 128 and SIGINT's number.</summary>
    public const int Interrupted = 130;
}
