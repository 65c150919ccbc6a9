using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Reads what was collected for a resource.</summary>
public static class ExecutionConfigurationResultExtensions
{
    /// <summary>What was collected of a type, when there is any.</summary>
    public static bool TryGetAdditionalData<T>(
        this IExecutionConfigurationResult configuration,
        [NotNullWhen(true)] out T? additionalData)
        where T : IExecutionConfigurationData
    {
        ArgumentNullException.ThrowIfNull(configuration);
        additionalData = configuration.AdditionalConfigurationData.OfType<T>().FirstOrDefault();
        return additionalData is not null;
    }
}
