using System.CommandLine;
using System.Text;
using Aspire.Hosting;
using MonoRepo.Deploy.Secrets;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// Where the value of a secret comes from. It is never an argument: those are seen by every user of the machine.
/// </summary>
internal sealed class SecretInput
{
    private readonly Option<string> _file = new("--from-file")
    {
        Description = "File with the value; - is standard input. The line break after a single line is left out.",
        HelpName = "path",
    };
    private readonly Option<string> _variable =
        new("--from-env") { Description = "Environment variable with the value.", HelpName = "variable" };
    private readonly Option<bool> _generate = new("--generate") { Description = "Generate a random value, which is not shown." };

    /// <summary>Adds the options to commands.</summary>
    public SecretInput(params Command[] commands)
    {
        foreach (var command in commands)
        {
            command.Add(_file);
            command.Add(_variable);
            command.Add(_generate);
        }
    }

    /// <summary>Whether one value is stated for all keys that there are.</summary>
    public bool IsForOneKey(CommandContext context) =>
        context.Arguments.GetValue(_file) is not null || context.Arguments.GetValue(_variable) is not null;

    /// <summary>The value of a key; asked for on the terminal when no option says where it is.</summary>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    public async Task<byte[]> ReadAsync(CommandContext context, SecretKey key, CancellationToken cancellationToken)
    {
        var (file, variable, generate) = (
            context.Arguments.GetValue(_file), context.Arguments.GetValue(_variable), context.Arguments.GetValue(_generate));
        if ((file is null ? 0 : 1) + (variable is null ? 0 : 1) + (generate ? 1 : 0) > 1)
        {
            throw new BadUsageException("--from-file, --from-env and --generate exclude each other.");
        }

        var value = file is not null ? WithoutLineBreak(await FileAsync(file, cancellationToken))
            : variable is not null ? Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(variable)
            ?? throw new DistributedApplicationException($"The environment variable '{variable}' is not set."))
            : generate ? Encoding.UTF8.GetBytes(SecretGenerator.Create())
            : Encoding.UTF8.GetBytes(Ask(context, key));
        return value.Length > 0
            ? value
            : throw new DistributedApplicationException($"The value of '{key}' is empty. Nothing was changed.");
    }

    private static async Task<byte[]> FileAsync(string file, CancellationToken cancellationToken)
    {
        if (file != "-")
        {
            return File.Exists(file)
                ? await File.ReadAllBytesAsync(file, cancellationToken)
                : throw new DistributedApplicationException($"There is no file '{file}'.");
        }

        using var all = new MemoryStream();
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(all, cancellationToken);
        return all.ToArray();
    }

    // "password\n" is what editors and echo write; a certificate has line breaks of its own, and keeps them all.
    private static byte[] WithoutLineBreak(byte[] value)
    {
        var end = value.Length > 0 && value[^1] == '\n' ? value.Length - 1 : value.Length;
        end = end < value.Length && end > 0 && value[end - 1] == '\r' ? end - 1 : end;
        return value.AsSpan(0, end).Contains((byte)'\n') ? value : value[..end];
    }

    private static string Ask(CommandContext context, SecretKey key)
    {
        if (Console.IsInputRedirected)
        {
            throw new DistributedApplicationException(
                $"There is no terminal to ask for '{key}' on. Use --from-file, --from-env or --generate.");
        }

        context.Error.Write($"{key}: ");
        var value = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var pressed && pressed.Key != ConsoleKey.Enter)
        {
            if (pressed.Key == ConsoleKey.Backspace)
            {
                value.Length = Math.Max(0, value.Length - 1);
            }
            else if (!char.IsControl(pressed.KeyChar))
            {
                value.Append(pressed.KeyChar);
            }
        }

        context.Error.WriteLine();
        return value.ToString();
    }
}
