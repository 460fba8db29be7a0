/** Imported for its effect: every layer is known by name to TensorFlow.js, which then can read any saved model. */
import "./adaptivePool2d.js";
import "./avgPool2d.js";
import "./batchNorm1d.js";
import "./batchNorm2d.js";
import "./conv1d.js";
import "./conv2d.js";
import "./dropout.js";
import "./gelu.js";
import "./l2Normalise.js";
import "./layerNorm.js";
import "./linear.js";
import "./maxPool2d.js";
import "./relu.js";
import "./relu6.js";
import "./softplus.js";
