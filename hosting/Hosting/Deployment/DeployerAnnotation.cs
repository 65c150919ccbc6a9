using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The environment is deployed from git by a job in its own namespace.</summary>
/// <param name="Repository">URL of the git repository: https, ssh or git.</param>
/// <param name="Branch">Branch whose head is applied.</param>
/// <param name="Image">Image of the deployer.</param>
/// <param name="Schedule">When it looks, as cron writes it.</param>
public sealed record DeployerAnnotation(string Repository, string Branch, string Image, string Schedule) : IResourceAnnotation;
