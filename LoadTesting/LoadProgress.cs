using Spectre.Console;

namespace MonoRepo.LoadTesting;

/// <summary>A bar on a terminal's error stream, so that output in a pipe stays clean; elsewhere nothing.</summary>
public sealed class LoadProgress
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private readonly IAnsiConsole? _console;

    private LoadProgress(IAnsiConsole? console) => _console = console;

    public static LoadProgress None { get; } = new(null);

    public static LoadProgress OnTerminal() => Console.IsErrorRedirected
        ? None
        : new LoadProgress(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));

    public async Task WhileAsync(Task work, TimeSpan duration)
    {
        if (_console is null)
        {
            await work;
            return;
        }

        await _console.Progress().AutoClear(true).StartAsync(async context =>
        {
            var bar = context.AddTask("measuring", maxValue: duration.TotalMilliseconds);
            while (await Task.WhenAny(work, Task.Delay(s_step)) != work)
            {
                bar.Increment(s_step.TotalMilliseconds);
            }
        });
        await work;
    }
}
