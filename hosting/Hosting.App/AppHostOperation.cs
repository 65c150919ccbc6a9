using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using MonoRepo.Hosting.App.Verbs;

namespace MonoRepo.Hosting.App;

/// <summary>What is to be done: by verb, or by Aspire's own configuration.</summary>
internal static class AppHostOperation
{
    internal static DistributedApplicationExecutionContextOptions Read(IConfiguration configuration, string? verb)
    {
        var publisher = configuration["Publishing:Publisher"];
        var operation = (verb, configuration["AppHost:Operation"]?.ToLowerInvariant()) switch
        {
            ({ } named, _) => VerbList.OperationOf(named),
            (null, "publish") => DistributedApplicationOperation.Publish,
            (null, "run") => DistributedApplicationOperation.Run,
            (null, null or "") => publisher is null ? DistributedApplicationOperation.Run : DistributedApplicationOperation.Publish,
            _ => throw new BadUsageException("Invalid operation specified. Valid operations are 'publish' or 'run'."),
        };
        return operation == DistributedApplicationOperation.Publish && publisher is not null
            ? new DistributedApplicationExecutionContextOptions(operation, publisher)
            : new DistributedApplicationExecutionContextOptions(operation);
    }
}
