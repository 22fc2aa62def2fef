namespace Bootstrapper.Tests.Program;

/// <summary>
/// Tests that say how soon the built program does something, or that need all processors: no other test is beside them.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAfterTheOther
{
    public const string Name = "one after the other";
}
