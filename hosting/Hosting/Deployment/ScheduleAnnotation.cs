using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The resource runs on a schedule: a CronJob.</summary>
public sealed record ScheduleAnnotation(Schedule Schedule) : IResourceAnnotation;
