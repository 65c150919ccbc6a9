using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>User and group number of the containers, where the image does not say a number itself.</summary>
public sealed record RunAsAnnotation(long User, long Group) : IResourceAnnotation;
