using System.Runtime.CompilerServices;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>A <see cref="RackFactAttribute">test on a rack</see> with a docker engine of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DockerFactAttribute : FactAttribute
{
    public DockerFactAttribute([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(file, line)
    {
        Skip = "needs what tests on a rack need, and docker, dockerd and runc";
        SkipType = typeof(ExternalTools);
        SkipUnless = nameof(ExternalTools.DockerPresent);
    }
}
