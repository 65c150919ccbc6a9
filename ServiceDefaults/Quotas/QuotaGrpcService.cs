using Grpc.Core;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.ServiceDefaults.Quotas.V1;

namespace MonoRepo.ServiceDefaults.Quotas;

/// <summary>Answers questions about quotas, of callers inside the mesh: others could use up what isn't theirs.</summary>
internal sealed class QuotaGrpcService(QuotaSet quotas, CallContextSettings settings) : QuotaService.QuotaServiceBase
{
    private const int MaxPageSize = 1000;

    public override async Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        var call = Describe(request.Call, context);
        var applying = quotas.All.Where(quota => quota.IsFor(call.Method) && quota.PartitionOf(call) is not null).ToList();
        var most = applying.Select(quota => quota.Burst).DefaultIfEmpty(int.MaxValue).Min();
        if (request.Cost < 0 || request.Cost > most)
        {
            ThrowInvalid("cost", $"must be between 0 and {most}, the smallest burst of the quotas that apply");
        }

        if (request.Cost == 0)
        {
            var (empty, left) = applying.Select(quota => (Quota: quota, Left: quotas.LeftOf(quota, quota.PartitionOf(call)!)))
                .FirstOrDefault(quota => quota.Left < 1);
            return empty is null
                ? new() { Accepted = true }
                : new() { RefusedBy = empty.Name, RetryAfterSeconds = (1 - left) / empty.PerSecond };
        }

        return await quotas.ChargeAsync(call, request.Cost) is { } refusal
            ? new() { RefusedBy = refusal.Quota.Name, RetryAfterSeconds = refusal.RetryAfter.TotalSeconds }
            : new() { Accepted = true };
    }

    public override Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        var call = Describe(request.Call, context);
        return Task.FromResult(new ExplainResponse { Quotas = { quotas.All.Select(quota => Explain(quota, call)) } });
    }

    public override Task<ListUsageResponse> ListUsage(ListUsageRequest request, ServerCallContext context)
    {
        ThrowIfExternal(context);
        if (request.PageSize is < 0 or > MaxPageSize)
        {
            ThrowInvalid("page_size", $"must be between 0 and {MaxPageSize}");
        }

        var usages = quotas.Usage()
            .Where(usage => request.Quota.Length == 0 || usage.Quota.Name == request.Quota)
            .Select(usage => new Usage
            {
                Quota = usage.Quota.Name,
                Partition = usage.Partition,
                Accepted = usage.Bucket.Accepted,
                Refused = usage.Bucket.Refused,
                Left = usage.Bucket.Left,
            })
            .OrderByDescending(usage => usage.Accepted + usage.Refused)
            .Take(request.PageSize == 0 ? MaxPageSize : request.PageSize);
        return Task.FromResult(new ListUsageResponse { Usages = { usages } });
    }

    private V1.Quota Explain(Quota quota, QuotaCall call)
    {
        var partition = quota.PartitionOf(call);
        var (applies, reason) = !quota.IsFor(call.Method)
            ? (false, $"It is for {quota.Method}, and the method is {(call.Method.Length == 0 ? "not known" : call.Method)}.")
            : partition is null ? (false, $"The call has no {quota.Dimension}.")
            : (true, $"The {quota.Dimension} is {partition}.");
        return new()
        {
            Name = quota.Name,
            Dimension = quota.Dimension,
            PerSecond = quota.PerSecond,
            Burst = quota.Burst,
            Method = quota.Method,
            Shared = quota.IsShared,
            AcceptsWhenUnavailable = quota.IsShared && quota.FailsOpen,
            Applies = applies,
            Reason = reason,
            Partition = applies ? partition : "",
            Left = applies ? quotas.LeftOf(quota, partition!) : 0,
        };
    }

    private QuotaCall Describe(CallDescription? call, ServerCallContext context)
    {
        ThrowIfExternal(context);
        var (own, asked) = (CallContext.Current, call ?? new());
        try
        {
            return new(
                asked.Caller.Length > 0 ? asked.Caller : Caller.LabelOf(context.RequestHeaders.GetValue(Caller.Header)),
                asked.Method,
                own with
                {
                    Tenant = Or(asked.Tenant, own.Tenant),
                    User = Or(asked.User, own.User),
                    QuotaKey = Or(asked.Key, own.QuotaKey),
                });
        }
        catch (ArgumentException exception)
        {
            ThrowInvalid("call", exception.Message);
            throw;
        }

        static string? Or(string text, string? otherwise) => text.Length > 0 ? text : otherwise;
    }

    private void ThrowIfExternal(ServerCallContext context)
    {
        if (settings.IsExternal(context.GetHttpContext()))
        {
            throw new RpcException(new(StatusCode.PermissionDenied, "Quotas are told to callers inside the mesh only."));
        }
    }

    private static void ThrowInvalid(string field, string description)
    {
        var bad = new BadRequest();
        bad.Add(field, description);
        bad.ThrowIfAny();
    }
}
