using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>What engines do with parameters.</summary>
public static class ParameterExtensions
{
    /// <summary>The configuration key that gives the value.</summary>
    public static string GetConfigurationKey(this ParameterResource parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.ConfigurationKey;
    }

    /// <summary>From here on readers wait for this value: somebody is asked for it.</summary>
    public static void SetPendingValue(this ParameterResource parameter, Task<string> value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.SetLater(value);
    }
}
