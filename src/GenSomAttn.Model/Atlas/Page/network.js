// The layers of encoder and decoder, as the program computes them: images are (side, side, channels), weights in the program's order.

const tensors = Object.fromEntries(Object.entries(data.tensors).map(([name, block]) => [name, numbers(block)]));

/** Returns a function that runs layers on one sample; its result stays valid until the next call. */
function compile(layers) {
    const steps = layers.map(layer => {
        const make = kinds[layer.kind];
        if (!make) {
            throw new Error(`This page has no layer of the kind ${layer.kind}.`);
        }

        return make(layer);
    });
    return input => steps.reduce((values, step) => step(values), input);
}

const kinds = {
    /** output[oh,ow,oc] = bias[oc] + Σ input[2 oh + kh - 1, 2 ow + kw - 1, ic] · weight[kh,kw,ic,oc], 3 x 3. */
    conv({ name, side, inputs, outputs }) {
        const { weight, bias } = parameters(name);
        const half = side / 2;
        const output = new Float32Array(half * half * outputs);
        return input => {
            for (let oh = 0, at = 0; oh < half; oh++) {
                for (let ow = 0; ow < half; ow++, at += outputs) {
                    output.set(bias, at);
                    for (let tap = 0; tap < 9; tap++) {
                        const ih = 2 * oh + Math.floor(tap / 3) - 1;
                        const iw = 2 * ow + tap % 3 - 1;
                        if (ih >= 0 && ih < side && iw >= 0 && iw < side) {
                            addProduct(input, (ih * side + iw) * inputs, inputs, weight, tap * inputs * outputs, output, at, outputs);
                        }
                    }
                }
            }

            return output;
        };
    },

    /** output[oh,ow,oc] = bias[oc] + Σ input[ih,iw,ic] · weight[ic,kh,kw,oc] with oh = 2 ih + kh - 1, ow = 2 iw + kw - 1, 4 x 4. */
    transposed({ name, side, inputs, outputs }) {
        const { weight, bias } = parameters(name);
        const twice = 2 * side;
        const output = new Float32Array(twice * twice * outputs);
        return input => {
            for (let at = 0; at < output.length; at += outputs) {
                output.set(bias, at);
            }

            for (let ih = 0, from = 0; ih < side; ih++) {
                for (let iw = 0; iw < side; iw++) {
                    for (let ic = 0; ic < inputs; ic++, from++) {
                        const value = input[from];
                        if (value === 0) {
                            continue; // half of a ReLU's outputs
                        }

                        for (let kh = Math.max(0, 1 - 2 * ih); kh < Math.min(4, twice + 1 - 2 * ih); kh++) {
                            for (let kw = Math.max(0, 1 - 2 * iw); kw < Math.min(4, twice + 1 - 2 * iw); kw++) {
                                const to = ((2 * ih + kh - 1) * twice + 2 * iw + kw - 1) * outputs;
                                const row = (ic * 16 + kh * 4 + kw) * outputs;
                                for (let oc = 0; oc < outputs; oc++) {
                                    output[to + oc] += value * weight[row + oc];
                                }
                            }
                        }
                    }
                }
            }

            return output;
        };
    },

    /** output[r] = bias + input[r] · weight, with weight (in, out). */
    linear({ name, rows, inputs, outputs }) {
        const { weight, bias } = parameters(name);
        const output = new Float32Array(rows * outputs);
        return input => project(input, rows, inputs, weight, bias, output, outputs);
    },

    relu() {
        return values => {
            for (let i = 0; i < values.length; i++) {
                values[i] = values[i] > 0 ? values[i] : 0;
            }

            return values;
        };
    },

    sigmoid() {
        return values => {
            for (let i = 0; i < values.length; i++) {
                values[i] = 1 / (1 + Math.exp(-values[i]));
            }

            return values;
        };
    },

    /** Not in place: a residual layer reads its input again. */
    position({ name }) {
        const position = tensors[name];
        const output = new Float32Array(position.length);
        return input => {
            for (let i = 0; i < output.length; i++) {
                output[i] = input[i] + position[i];
            }

            return output;
        };
    },

    /** SelfAttention(LayerNorm(x)) over tokens; probabilities softmax(Q Kᵀ / √S) in each head of width S. */
    attend({ name, rows, inputs, heads }) {
        const norm = parameters(`${name}.norm`);
        const toParts = tensors[`${name}.in_proj_weight`];
        const mix = parameters(`${name}.out_proj`);
        const size = inputs / heads;
        const normed = new Float32Array(rows * inputs);
        const parts = new Float32Array(rows * 3 * inputs);
        const context = new Float32Array(rows * inputs);
        const probs = new Float32Array(rows);
        const output = new Float32Array(rows * inputs);
        const part = (token, index, head) => ((token * 3 + index) * heads + head) * size;
        return input => {
            normalize(input, rows, inputs, norm, normed);
            project(normed, rows, inputs, toParts, null, parts, 3 * inputs);
            context.fill(0);
            for (let head = 0; head < heads; head++) {
                for (let t = 0; t < rows; t++) {
                    const query = part(t, 0, head);
                    for (let u = 0; u < rows; u++) {
                        const key = part(u, 1, head);
                        let sum = 0;
                        for (let s = 0; s < size; s++) {
                            sum += parts[query + s] * parts[key + s];
                        }

                        probs[u] = sum / Math.sqrt(size);
                    }

                    softmax(probs);
                    for (let u = 0; u < rows; u++) {
                        const value = part(u, 2, head);
                        for (let s = 0; s < size; s++) {
                            context[(t * heads + head) * size + s] += probs[u] * parts[value + s];
                        }
                    }
                }
            }

            return project(context, rows, inputs, mix.weight, mix.bias, output, inputs);
        };
    },

    /** x + body(x). */
    residual({ body }) {
        const run = compile(body);
        return input => {
            const mixed = run(input);
            for (let i = 0; i < mixed.length; i++) {
                mixed[i] += input[i];
            }

            return mixed;
        };
    },

    /** queries + the first rows of body(queries followed by x). */
    pool({ name, body }) {
        const queries = tensors[name];
        const run = compile(body);
        let joined = null;
        return input => {
            joined ??= new Float32Array(queries.length + input.length);
            joined.set(queries);
            joined.set(input, queries.length);
            return run(joined).subarray(0, queries.length).map((value, i) => value + queries[i]);
        };
    },
};

function parameters(name) {
    return { weight: tensors[`${name}.weight`], bias: tensors[`${name}.bias`] };
}

/** output[to + oc] += Σ over ic of input[from + ic] · weight[first + ic · outputs + oc]. */
function addProduct(input, from, inputs, weight, first, output, to, outputs) {
    for (let ic = 0; ic < inputs; ic++) {
        const value = input[from + ic];
        if (value !== 0) {
            const row = first + ic * outputs;
            for (let oc = 0; oc < outputs; oc++) {
                output[to + oc] += value * weight[row + oc];
            }
        }
    }
}

function project(input, rows, inputs, weight, bias, output, outputs) {
    for (let row = 0; row < rows; row++) {
        if (bias) {
            output.set(bias, row * outputs);
        } else {
            output.fill(0, row * outputs, (row + 1) * outputs);
        }

        addProduct(input, row * inputs, inputs, weight, 0, output, row * outputs, outputs);
    }

    return output;
}

/** LayerNorm with ε = 1e-5. */
function normalize(input, rows, width, { weight, bias }, output) {
    for (let row = 0; row < rows; row++) {
        const at = row * width;
        let mean = 0;
        let variance = 0;
        for (let i = 0; i < width; i++) {
            mean += input[at + i] / width;
        }

        for (let i = 0; i < width; i++) {
            variance += (input[at + i] - mean) ** 2 / width;
        }

        const scale = 1 / Math.sqrt(variance + 1e-5);
        for (let i = 0; i < width; i++) {
            output[at + i] = (input[at + i] - mean) * scale * weight[i] + bias[i];
        }
    }
}

function softmax(values) {
    const largest = Math.max(...values);
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
        values[i] = Math.exp(values[i] - largest);
        sum += values[i];
    }

    for (let i = 0; i < values.length; i++) {
        values[i] /= sum;
    }
}

/** Decodes a code, (D), to an image, (S, S, C) in 0 to 1, valid until the next call. */
const decode = compile(data.decoder);

/** Encodes an image as a code, valid until the next call. */
const encode = compile(data.encoder);
