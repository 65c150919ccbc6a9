using System.CommandLine;
using System.Reflection;

namespace MonoRepo.Hosting;

/// <summary>
/// Prints a script that gives the AppHost a name in a shell, and completes its commands and options there:
/// <c>eval "$(dotnet run -v q --project AppHost -- completion bash)"</c>, then <c>apphost status --w</c> and the tabulator.
/// </summary>
internal sealed class CompletionCommand : AppHostCommand
{
    private readonly Argument<string> _shell = new("shell") { Description = "bash, zsh or fish." };

    public CompletionCommand()
        : base("completion", "Print a script that completes commands and options in a shell.")
    {
        _shell.AcceptOnly("bash", "zsh", "fish");
        Add(_shell);
    }

    public override Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var assembly = Assembly.GetEntryAssembly()?.Location ?? "";
        var program = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet"
            ? Quoted(path)
            : $"dotnet {Quoted(assembly)}";
        var name = Path.GetFileNameWithoutExtension(assembly).ToLowerInvariant().Replace('.', '-');
        context.Output.Write(Script(context.Arguments.GetValue(_shell)!, name, program));
        return Task.FromResult(ExitCodes.Done);
    }

    // [suggest:8] "status -" asks the parser what may follow at the cursor.
    private static string Script(string shell, string name, string program) => shell switch
    {
        "zsh" => $$"""
            {{name}}() { {{program}} "$@"; }
            _{{name}}() {
              local line="${(j: :)words[2,$CURRENT]}"
              compadd -- ${(f)"$({{program}} "[suggest:${#line}]" "$line" 2>/dev/null)"}
            }
            compdef _{{name}} {{name}}

            """,
        "fish" => $$"""
            function {{name}}; {{program}} $argv; end
            function __{{name}}_complete
              set -l line (string join ' ' (commandline -opc)[2..-1] (commandline -ct))
              {{program}} "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c {{name}} -f -a '(__{{name}}_complete)'

            """,
        _ => $$"""
            {{name}}() { {{program}} "$@"; }
            _{{name}}() {
              local line="${COMP_WORDS[*]:1:$COMP_CWORD}" cur="${COMP_WORDS[COMP_CWORD]}" IFS=$'\n'
              COMPREPLY=($(compgen -W "$({{program}} "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$cur"))
            }
            complete -F _{{name}} {{name}}

            """,
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
