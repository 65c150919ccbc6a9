using System.CommandLine;
using Aspire.Hosting;

namespace MonoRepo.Hosting;

/// <summary>Prints a token with which a person calls a service of the running AppHost.</summary>
internal sealed class TokenCommand : AppHostCommand
{
    private static readonly Argument<string> s_service = new("service") { Description = "Name of the service's resource." };

    private readonly string _appHost;

    public TokenCommand(string appHost)
        : base("token", "Print a token to call a service of the running AppHost with; it is valid for an hour.")
    {
        _appHost = appHost;
        Add(s_service);
    }

    public override async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (LocalTokens.FindDeveloperFolder(_appHost) is not { } folder)
        {
            throw new DistributedApplicationException(
                "No run of this AppHost was found. Start it first: dotnet run --project AppHost");
        }

        var service = context.Arguments.GetValue(s_service)!.ToLowerInvariant();
        var services = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))
            .Where(name => !name.EndsWith(PrivateFile.Unfinished, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .ToList();
        if (!services.Contains(service))
        {
            throw new DistributedApplicationException($"'{service}' checks no tokens. These do: {string.Join(", ", services)}.");
        }

        var token = await File.ReadAllTextAsync(Path.Combine(folder, service), cancellationToken);
        await context.Output.WriteLineAsync(token);
        return ExitCodes.Done;
    }
}
