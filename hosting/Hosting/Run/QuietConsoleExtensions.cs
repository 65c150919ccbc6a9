using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MonoRepo.Hosting;

/// <summary>A console that says what matters.</summary>
internal static class QuietConsoleExtensions
{
    /// <summary>
    /// Leaves on the console what the user has to know: the dashboard's login link, what waits, what crashed. The aspire command
    /// and the dashboard get everything else as before; <c>--Logging:LogLevel:…</c> and <c>Logging:Console:FormatterName</c> are
    /// obeyed.
    /// </summary>
    public static IDistributedApplicationBuilder AddQuietConsole(this IDistributedApplicationBuilder builder)
    {
        var isStopping = false;
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            start.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => isStopping = true);
            return Task.CompletedTask;
        });
        builder.Services.AddLogging(logging =>
        {
            // Who asks for more gets everything.
            if (builder.Configuration.GetValue("Logging:LogLevel:Default", LogLevel.Information) >= LogLevel.Information)
            {
                // The dashboard calls the AppHost by gRPC; each call of an open page would be some lines.
                foreach (var category in (string[])["Aspire.Hosting", "Microsoft.AspNetCore", "Grpc", "System.Net.Http"])
                {
                    logging.AddFilter<ConsoleLoggerProvider>(category, LogLevel.Warning);
                }

                // DCP ends with the AppHost, and may close Aspire's connections before Aspire does.
                logging.AddFilter<ConsoleLoggerProvider>(
                    "Aspire.Hosting.Dcp", level => level >= LogLevel.Warning && !Volatile.Read(ref isStopping));

                // As Aspire does it for all providers, which the filters of one provider override.
                foreach (var category in (string[])[
                    "Microsoft.AspNetCore.DataProtection", "Microsoft.AspNetCore.Server.Kestrel", "Grpc.AspNetCore.Server"])
                {
                    logging.AddFilter<ConsoleLoggerProvider>(category, LogLevel.Error);
                }

                // A failed start is an exception of RunAsync, too, and is printed once, by its message.
                logging.AddFilter<ConsoleLoggerProvider>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
            }

            logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
            logging.Services.Configure<ConsoleLoggerOptions>(o => o.FormatterName ??= nameof(LineFormatter));
            logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        });
        return builder;
    }

    /// <summary>Writes a message as it is, without category and event id.</summary>
    private sealed class LineFormatter() : ConsoleFormatter(nameof(LineFormatter))
    {
        public override void Write<TState>(
            in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
        {
            var prefix = entry.LogLevel switch
            {
                LogLevel.Information => "",
                LogLevel.Trace or LogLevel.Debug => $"{entry.LogLevel.ToString().ToLowerInvariant()}: {entry.Category}: ",
                _ => $"{entry.LogLevel.ToString().ToLowerInvariant()}: ",
            };
            textWriter.WriteLine($"{prefix}{entry.Formatter(entry.State, entry.Exception)}");
            if (entry.Exception is { } exception)
            {
                textWriter.WriteLine(exception);
            }
        }
    }
}
