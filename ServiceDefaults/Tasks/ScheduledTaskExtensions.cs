using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults;
using MonoRepo.ServiceDefaults.Tasks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Runs a service, or one of its scheduled tasks.</summary>
public static partial class ScheduledTaskExtensions
{
    private const BindingFlags Methods =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>
    /// Runs the <see cref="ScheduledTaskAttribute">task</see> that <c>--scheduled-task NAME</c> names, without listening and
    /// without background services; without it, serves as <c>Run</c> does.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <returns>The exit code: 1 when the task has failed.</returns>
    public static async Task<int> RunTaskOrServeAsync(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Configuration["scheduled-task"] is not { } name)
        {
            await app.RunAsync().ConfigureAwait(false);
            return Environment.ExitCode;
        }

        await using (app.ConfigureAwait(false))
        {
            var method = Find(Assembly.GetEntryAssembly()!, name);
            // Listens to SIGTERM.
            await app.Services.GetRequiredService<IHostLifetime>()
                .WaitForStartAsync(CancellationToken.None).ConfigureAwait(false);
            return await RunAsync(app, name, method).ConfigureAwait(false) ? 0 : 1;
        }
    }

    private static MethodInfo Find(Assembly assembly, string name)
    {
        var tasks = assembly.GetTypes().SelectMany(type => type.GetMethods(Methods))
            .Select(method => (Method: method, method.GetCustomAttribute<ScheduledTaskAttribute>()?.Name))
            .Where(task => task.Name is not null)
            .ToLookup(task => task.Name, task => task.Method, StringComparer.OrdinalIgnoreCase);
        return tasks[name].ToList() switch
        {
            [{ IsStatic: true } method] when method.ReturnType.IsAssignableTo(typeof(Task)) => method,
            [var method] => throw new ConfigurationException(
                $"The task '{name}' is {method.DeclaringType}.{method.Name}, which is not a static method that returns a " +
                "Task. Make it one."),
            [] => throw new ConfigurationException(
                $"{assembly.GetName().Name} has no task '{name}'. " +
                $"{(tasks.Count == 0 ? "It has none" : $"It has {string.Join(", ", tasks.Select(t => t.Key).Order())}")}: " +
                        $"add [ScheduledTask(\"{name}\")] to a method."),
            var methods =>
                throw new ConfigurationException($"{methods.Count} methods are the task '{name}'. Give each another name."),
        };
    }

    private static async Task<bool> RunAsync(WebApplication app, string name, MethodInfo method)
    {
        // Hosted services would make them, and none is started.
        _ = (app.Services.GetService<TracerProvider>(), app.Services.GetService<MeterProvider>());
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ScheduledTaskAttribute));
        using var source = new ActivitySource(app.Environment.ApplicationName);
        using var span = source.StartActivity($"task {name}");
        var start = Stopwatch.GetTimestamp();
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            await ((Task)method.Invoke(
                null, BindingFlags.DoNotWrapExceptions, null, [.. method.GetParameters().Select(Argument)],
                null)!).ConfigureAwait(false);
            LogDone(logger, name, Stopwatch.GetElapsedTime(start));
            return true;

            object? Argument(ParameterInfo parameter) => parameter.ParameterType == typeof(CancellationToken)
                ? app.Lifetime.ApplicationStopping
                : scope.ServiceProvider.GetRequiredService(parameter.ParameterType);
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            LogFailed(logger, exception, name, Stopwatch.GetElapsedTime(start));
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The task {Task} is done after {Time}.")]
    private static partial void LogDone(ILogger logger, string task, TimeSpan time);

    [LoggerMessage(2, LogLevel.Error, "The task {Task} failed after {Time}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string task, TimeSpan time);
}
