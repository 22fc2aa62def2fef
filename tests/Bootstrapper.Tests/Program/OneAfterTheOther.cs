namespace Bootstrapper.Tests.Program;

/// <summary>
/// Tests that say how soon the built program does something: not even another test is beside them, for what they say needs
/// a processor.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAfterTheOther
{
    public const string Name = "one after the other";
}
