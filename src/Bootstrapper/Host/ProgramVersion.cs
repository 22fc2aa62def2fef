using System.Reflection;

namespace Bootstrapper.Host;

/// <summary>Of the program that runs, with the commit it was built from: <c>0.1.0+1f0c…</c>.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
