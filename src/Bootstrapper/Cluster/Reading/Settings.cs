namespace Bootstrapper.Cluster.Reading;

/// <summary>
/// What a section says, as the program uses it. A record of settings is made from a section in which nothing is wrong, and its
/// properties begin with what they have there; the section is no part of it.
/// </summary>
internal abstract record Settings
{
    /// <summary>Is there so that the compiler makes no property of the parameter <c>From</c> of a record.</summary>
#pragma warning disable CA1822 // A static one would not stand in the compiler's way.
    protected Section From => throw new InvalidOperationException("Only properties' first values come from the section.");
#pragma warning restore CA1822
}
