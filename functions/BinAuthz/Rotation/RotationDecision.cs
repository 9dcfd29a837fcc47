namespace BinAuthz.Rotation;

/// <summary>Decides the step that is due: <see cref="RotationPolicy.Decide"/>.</summary>
/// <param name="now">The time, UTC.</param>
/// <param name="state">What was read.</param>
/// <param name="windows">The windows of time.</param>
internal delegate RotationStep RotationDecision(DateTimeOffset now, RotationState state, RotationWindows windows);
