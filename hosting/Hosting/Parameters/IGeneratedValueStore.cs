namespace MonoRepo.Hosting;

/// <summary>Keeps generated values for the next run, such as passwords of databases that keep their data.</summary>
public interface IGeneratedValueStore
{
    /// <summary>The kept value of a configuration key, or a new one that is kept from here on.</summary>
    string GetOrAdd(string configurationKey, Func<string> generate);
}
