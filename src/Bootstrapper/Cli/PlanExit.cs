using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary>
/// Exit codes of <c>plan</c> and <c>diff</c>, as those of <c>terraform plan -detailed-exitcode</c>: scripts branch by them.
/// </summary>
internal static class PlanExit
{
    public const int Nothing = 0;

    /// <summary>Also what the plan may not hold (<c>--never</c>).</summary>
    public const int Error = 1;

    public const int Something = 2;

    /// <param name="plan"><c>null</c> where there is none.</param>
    public static int Of(PlanView? plan) => plan is null ? Error : plan.IsEmpty() ? Nothing : Something;
}
