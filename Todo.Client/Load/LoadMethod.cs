namespace MonoRepo.Todo.Client.Load;

/// <summary>The methods that load is put on.</summary>
internal enum LoadMethod
{
    Get,
    List,
    Create,
    Update,
}
