using System.CommandLine;
using System.CommandLine.Parsing;
using MonoRepo.Deploy.ConsoleOutput;
using MonoRepo.Deploy.Operations;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Runs a command in a pod of a resource.</summary>
internal sealed class ExecCommand : EnvironmentCommand
{
    private readonly Argument<string> _resource =
        new("resource") { Description = "Resource, of which one ready pod is used, or a pod." };
    private readonly Argument<string[]> _words =
        new("command") { Description = "Command and its arguments, after --.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _container =
        new("--container", "-c") { Description = "Container; the pod's first by default.", HelpName = "name" };
    private readonly Option<bool> _input = new("--stdin", "-i") { Description = "Pass standard input to the command." };
    private readonly Option<bool> _terminal =
        new("--tty", "-t") { Description = "Give the command a terminal: -it for a shell." };

    public ExecCommand()
        : base("exec", "Run a command in a pod: exec todo-server -- /bin/ls. The exit code is the command's.")
    {
        Add(_resource);
        Add(_words);
        Add(_container);
        Add(_input);
        Add(_terminal);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var arguments = context.Arguments;
        ThrowIfUnknownOption(arguments);
        var isTerminal = arguments.GetValue(_terminal);
        if (isTerminal && (Console.IsInputRedirected || Console.IsOutputRedirected))
        {
            throw new BadUsageException(
                "--tty needs a terminal, but standard input or output is redirected. Run the command without --tty.");
        }

        using var cluster = environment.Connect();
        var pod = await PodChoice.FindAsync(
            cluster, environment.Render().Objects, arguments.GetValue(_resource)!, cancellationToken);
        var container = arguments.GetValue(_container);
        PodChoice.CheckContainer(pod, container);
        using var raw = isTerminal ? new RawTerminal() : null;
        var isStep = context.Step is not null;
        await using var output = isStep ? null : Console.OpenStandardOutput();
        await using var error = isStep ? null : Console.OpenStandardError();
        var result = await cluster.ExecAsync(
            new(pod.Name, container, arguments.GetValue(_words)!)
            {
                Input = arguments.GetValue(_input) ? Console.OpenStandardInput() : null,
                Output = output,
                Error = error,
                Terminal = isTerminal ? () => (Console.WindowWidth, Console.WindowHeight) : null,
            },
            cancellationToken);
        await context.Output.WriteAsync(result.Output);
        await context.Error.WriteAsync(result.Error);
        return result.ExitCode;
    }

    // The parser takes an option that it doesn't know for the resource, or for the command.
    private void ThrowIfUnknownOption(ParseResult arguments)
    {
        var before = arguments.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash).ToList();
        foreach (var first in new Argument[] { _resource, _words }.Select(a => arguments.GetResult(a)?.Tokens.FirstOrDefault()))
        {
            if (first?.Value.StartsWith('-') == true && before.Exists(t => ReferenceEquals(t, first)))
            {
                throw new BadUsageException($"Unrecognized option '{first.Value}'.");
            }
        }
    }
}
