using System.Runtime.CompilerServices;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary><see cref="RackFactAttribute"/>, once for each row of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RackTheoryAttribute : TheoryAttribute
{
    public RackTheoryAttribute([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(file, line)
    {
        Skip = RackFactAttribute.Needs;
        SkipType = typeof(ExternalTools);
        SkipUnless = nameof(ExternalTools.RackPresent);
    }
}
