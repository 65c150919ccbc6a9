using MonoRepo.Todo.Client;

return await TodoCommandLine.RunAsync(args);
