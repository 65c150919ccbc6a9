namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// Methods as settings name them: <c>todo.v1.TodoService/DeleteItem</c>, or the beginning of some with <c>*</c> at the end.
/// </summary>
internal static class MethodPattern
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> method) =>
        pattern.EndsWith('*') ? method.StartsWith(pattern[..^1]) : method.SequenceEqual(pattern);
}
